import { Bone, Loading } from '@/components/ui/Bone';

/** While the code of a page is on its way: the shape of a header and some lines. */
export function RoutePending() {
  return (
    <Loading label="Loading the page">
      <div style={{ padding: '20px var(--d-gutter)', display: 'grid', gap: 14 }}>
        <Bone width={180} height={20} />
        <Bone width={320} />
        <div style={{ height: 12 }} />
        {Array.from({ length: 8 }, (_, line) => (
          <Bone key={line} height={20} />
        ))}
      </div>
    </Loading>
  );
}
