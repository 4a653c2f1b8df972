import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Bone, Loading } from '@/components/ui/Bone';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import { overviewQuery } from '@/features/overview/api/getOverview';
import { EnterForm } from './EnterForm';

/** A super admin followed a link into a client that they have not entered (or whose entry has ended). */
export function EnterGate() {
  const { slug } = useParams({ strict: false });
  const overview = useQuery(overviewQuery);
  if (overview.isPending) {
    return (
      <Loading label="Loading the client">
        <div style={{ maxWidth: 440, margin: '10vh auto' }}>
          <Bone height={180} />
        </div>
      </Loading>
    );
  }
  if (overview.isError)
    return <ErrorState error={overview.error} what="this client" onRetry={() => void overview.refetch()} />;
  const tenant = overview.data.tenants.find((each) => each.slug === slug);
  if (!tenant)
    return (
      <EmptyState title="There is no such client">
        The address may be wrong, or the client has left.
      </EmptyState>
    );
  return (
    <div style={{ maxWidth: 440, margin: '8vh auto 0', padding: '0 var(--d-gutter)' }}>
      <h1 style={{ fontSize: 18, marginBottom: 12 }}>Enter {tenant.name}</h1>
      <EnterForm tenant={tenant} />
    </div>
  );
}
