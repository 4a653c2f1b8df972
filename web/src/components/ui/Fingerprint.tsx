import classes from './Fingerprint.module.css';

/** A key's fingerprint in groups, as one reads it aloud; copied whole it is one piece. */
export function Fingerprint({ value, label }: { value: string; label: string }) {
  const groups = /^[0-9a-f]+$/i.test(value) ? (value.match(/.{1,4}/g) ?? []) : null;
  if (!groups) {
    return (
      <code className={classes.plain} aria-label={label}>
        {value}
      </code>
    );
  }
  return (
    <code className={classes.groups} aria-label={`${label}: ${value}`}>
      {groups.map((group, at) => (
        // A fingerprint has no other identity than its order.
        <span key={at}>{group}</span>
      ))}
    </code>
  );
}
