import type { audit as english } from "../en/audit";
import type { Shape } from "../shape";

export const audit: Shape<typeof english> = {
  title: "审计",
};
