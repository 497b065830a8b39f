export const counts = {
  title: "Counts",
} as const;
