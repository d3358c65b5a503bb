import type { LoaderFunctionArgs } from "@remix-run/cloudflare";
import { useLoaderData } from "@remix-run/react";
import { Check, Minus } from "lucide-react";
import { pageLoader } from "#app/carry.ts";
import { useCopy, useLocale } from "#app/copy/define-copy.ts";
import { plansCopy } from "#app/copy/plans.ts";
import { useUser } from "#app/root-data.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Callout } from "#app/ui/callout.tsx";
import { formatMoney, formatPrice } from "#app/ui/format.ts";
import { titled } from "#app/ui/page-meta.ts";
import { Page } from "#app/ui/page.tsx";

export const meta = titled(plansCopy, ({ title, lead }) => ({ title, description: lead }));

export const loader = pageLoader(async ({ context }: LoaderFunctionArgs) => {
  const { billing } = context.api;
  const [plans, current] = await Promise.all([billing.listPlans(context.ctx), billing.planOf(context.ctx)]);
  return { plans, current };
});

type PlanView = ReturnType<typeof useLoaderData<typeof loader>>["plans"][number];

export default function Plans() {
  const copy = useCopy(plansCopy);
  const user = useUser();
  const { plans, current } = useLoaderData<typeof loader>();
  return (
    <Page title={copy.title} lead={copy.lead} width="prose">
      <ul className="grid gap-5 sm:grid-cols-2">
        {plans.map((plan) => (
          <PlanCard key={plan.plan} plan={plan} yours={user !== null && plan.plan === current} />
        ))}
      </ul>
      <Callout title={copy.notOpen} className="mt-8">
        {copy.notOpenText}
      </Callout>
    </Page>
  );
}

function PlanCard({ plan: { plan, monthly, membersVideos }, yours }: { plan: PlanView; yours: boolean }) {
  const copy = useCopy(plansCopy);
  const locale = useLocale();
  const paid = monthly.amount > 0;
  return (
    <li className="flex flex-col rounded-lg border border-line bg-surface p-5">
      <div className="flex min-h-7 items-center justify-between gap-3">
        <h2 className="text-lg">{copy.names[plan]}</h2>
        {yours ? <Badge tone="accent">{copy.yours}</Badge> : null}
      </div>
      <p className="figures mt-1 text-xl font-medium">
        {paid ? copy.monthly(formatPrice(monthly, locale)) : formatMoney(monthly, locale)}
      </p>
      <ul className="mt-4 flex flex-col gap-2 border-t border-line pt-4 text-sm">
        <Opens included words={copy.opens.watch} />
        <Opens included words={copy.opens.upload} />
        <Opens included={membersVideos} words={copy.opens.members} />
      </ul>
    </li>
  );
}

function Opens({ included, words }: { included: boolean; words: string }) {
  const copy = useCopy(plansCopy);
  const Icon = included ? Check : Minus;
  return (
    <li className={`flex items-start gap-2 ${included ? "" : "text-soft"}`}>
      <Icon
        role="img"
        aria-label={included ? copy.included : copy.notIncluded}
        className={`mt-1 size-4 shrink-0 ${included ? "text-good" : ""}`}
      />
      {words}
    </li>
  );
}
