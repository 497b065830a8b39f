/** What a change was refused for, in the visitor's language. */
import { useText } from "../i18n";

export interface UserError {
  code: string;
  message: string;
  available?: number | null;
  requested?: number | null;
}

export function UserErrors({ errors }: { errors: readonly UserError[] }) {
  const { t } = useText();
  if (errors.length === 0) return null;
  return (
    <ul className="errors" role="alert">
      {errors.map((error, at) => (
        <li key={at}>
          {t(`error.${error.code}` as never, {
            available: error.available,
            requested: error.requested,
            defaultValue: error.message,
          })}
        </li>
      ))}
    </ul>
  );
}
