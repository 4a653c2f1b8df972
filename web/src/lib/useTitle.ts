import { useEffect } from 'react';

/** The tab's title: what is shown first, then where. */
export function useTitle(...parts: (string | null | undefined)[]): void {
  const title = [...parts.filter(Boolean), 'Drover'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
