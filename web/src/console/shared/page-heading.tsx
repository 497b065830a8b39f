import { useEffect, useRef, type ReactNode } from "react";

/** A view's heading. It takes the focus when the view comes up, so that readers of the screen hear where they are. */
export function PageHeading({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · stockflow`;
  }, [title]);
  useEffect(() => {
    // The first view of a visit begins where the browser begins.
    if (history.state !== null || performance.now() > 5_000) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="page-heading">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <div className="actions">{children}</div>
    </header>
  );
}
