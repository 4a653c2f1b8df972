import classes from './states.module.css';

/** One grey block of a skeleton: the size of what it stands for. */
export function Bone({ width, height = 12 }: { width?: number | string; height?: number | string }) {
  return <div aria-hidden className={classes.bone} style={{ width: width ?? '100%', height }} />;
}

/** Announces a wait once, and shows the shape of what will come. */
export function Loading({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div role="status" aria-label={label} aria-busy>
      {children}
    </div>
  );
}
