export const order = {
  title: "Orders",
} as const;
