import type { order as english } from "../en/order";
import type { Shape } from "../shape";

export const order: Shape<typeof english> = {
  title: "订单",
};
