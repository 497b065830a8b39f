import "./foreign-text.css";

/**
 * A text that somebody else has written: an actor, a reason, an id. It may be long, run from right to
 * left, and hold anything; here it keeps to one line of bounded width, and is whole on hover.
 */
export function ForeignText({ text, mono }: { text: string; mono?: boolean }) {
  return (
    <bdi className={mono === true ? "foreign mono" : "foreign"} title={text}>
      {text}
    </bdi>
  );
}

/** A hash or a key, of which the first digits tell it from others. */
export function ShortHash({ hash }: { hash: string }) {
  return (
    <code className="mono" title={hash}>
      {hash.slice(0, 12)}…
    </code>
  );
}
