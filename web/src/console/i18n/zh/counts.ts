import type { counts as english } from "../en/counts";
import type { Shape } from "../shape";

export const counts: Shape<typeof english> = {
  title: "盘点",
};
