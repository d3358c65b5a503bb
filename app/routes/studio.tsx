import { Outlet } from "@remix-run/react";
import type { LoaderFunctionArgs } from "@remix-run/cloudflare";
import { Clapperboard, Upload } from "lucide-react";
import { pageLoader } from "#app/carry.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { admitCreator } from "#app/features/studio/creator.ts";
import { WorkArea } from "#app/ui/work-area.tsx";

export const loader = pageLoader(async (args: LoaderFunctionArgs) => admitCreator(args));

export default function Studio() {
  const copy = useCopy(studioCopy);
  return (
    <WorkArea
      label={copy.studio}
      links={[
        { to: "/studio", label: copy.videos, icon: <Clapperboard aria-hidden="true" />, end: true },
        { to: "/studio/upload", label: copy.upload, icon: <Upload aria-hidden="true" /> },
      ]}
    >
      <Outlet />
    </WorkArea>
  );
}
