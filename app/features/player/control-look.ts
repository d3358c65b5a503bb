/** How a button on the stage looks: light on dark, 44 px. */
export const CONTROL =
  "inline-flex h-11 min-w-11 shrink-0 items-center justify-center rounded-sm px-1 text-on-stage transition-colors duration-150 hover:bg-on-stage/15 focus-visible:outline-on-stage [&_svg]:size-5";
