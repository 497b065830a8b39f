export const sku = {
  title: "SKU {{skuId}}",
} as const;
