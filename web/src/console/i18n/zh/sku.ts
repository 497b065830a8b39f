import type { sku as english } from "../en/sku";
import type { Shape } from "../shape";

export const sku: Shape<typeof english> = {
  title: "SKU {{skuId}}",
};
