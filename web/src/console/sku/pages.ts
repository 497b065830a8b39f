interface Paged {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** Asks for one page after the other, up to a bound, until there are no more or those are enough. */
export async function pagesOf<Page extends Paged>(
  ask: (after: string | null) => Promise<Page>,
  pagesMax: number,
  enough: (page: Page) => boolean = () => false,
): Promise<Page[]> {
  const pages: Page[] = [];
  let after: string | null = null;
  while (pages.length < pagesMax) {
    const page: Page = await ask(after);
    pages.push(page);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage || after === null || enough(page)) break;
  }
  return pages;
}
