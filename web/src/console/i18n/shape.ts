/** The keys of one language's texts, with any texts: what every other language must have. */
export type Shape<Texts> = {
  [Key in keyof Texts]: Texts[Key] extends string ? string : Shape<Texts[Key]>;
};
