import { redirect } from "@remix-run/cloudflare";
import { pageAction } from "#app/carry.ts";
import { preferenceCookies } from "#app/preference-cookies.ts";
import { safePath } from "#app/safe-path.ts";

/** Preferences are changed by a POST from any page; whoever opens the address goes home. */
export const loader = () => redirect("/");

export const action = pageAction(async ({ request }) => {
  const form = await request.formData();
  const headers = new Headers();
  for (const cookie of preferenceCookies(form)) headers.append("set-cookie", cookie);
  throw redirect(safePath(form.get("next")), { headers });
});
