import { asApiError } from '@/api/errors';
import { capitalised } from './words';

interface ErrorsOfForm {
  setErrors: (errors: Record<string, string>) => void;
}

/**
 * Puts the server's findings at the fields that they are about. `names` leads from the server's name to the form's;
 * what no field of the form stands for stays in the message above the buttons.
 */
export function showFieldErrors(
  form: ErrorsOfForm,
  error: unknown,
  names: Readonly<Record<string, string>>,
): void {
  const { fields } = asApiError(error);
  const found = Object.entries(fields).flatMap(([field, problem]) => {
    const name = names[field] ?? names[field.replace(/\.\d+$/, '')];
    return name === undefined ? [] : [[name, capitalised(problem)] as const];
  });
  if (found.length > 0) form.setErrors(Object.fromEntries(found));
}
