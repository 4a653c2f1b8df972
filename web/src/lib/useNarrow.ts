import { useMediaQuery } from '@mantine/hooks';

/** A telephone's width: where a table becomes a list, and the rail a bar below. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 767px)', false, { getInitialValueInEffect: false });
}
