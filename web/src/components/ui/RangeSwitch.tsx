import { SegmentedControl } from '@mantine/core';
import { RANGES, type Range } from '@/lib/search';

const DATA = RANGES.map((range) => ({ value: range, label: range.replace('h', ' h').replace('d', ' d') }));

/** The span of a page's charts; it lives in the URL, so that a link shows what its sender saw. */
export function RangeSwitch({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Range"
      data={DATA}
      value={value}
      onChange={(next) => onChange(next)}
    />
  );
}
