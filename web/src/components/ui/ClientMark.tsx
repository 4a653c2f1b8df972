import classes from './ClientMark.module.css';

/** Black or white, whichever stands out more from the client's colour (WCAG's contrast ratio). */
function inkOn(colour: string): string {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1];
  if (!hex) return '#ffffff';
  const [r, g, b] = [0, 2, 4].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.058 ? '#ffffff' : '#14171a';
}

function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter(Boolean);
  const [first, second] = words;
  return ((first?.[0] ?? '') + (second?.[0] ?? first?.[1] ?? '')).toUpperCase();
}

/** The client's own colour and initials: the sign that says where one is. */
export function ClientMark({ name, colour, size = 22 }: { name: string; colour: string; size?: number }) {
  return (
    <span
      aria-hidden
      className={classes.mark}
      style={{ width: size, height: size, fontSize: size * 0.43, background: colour, color: inkOn(colour) }}
    >
      {initials(name)}
    </span>
  );
}
