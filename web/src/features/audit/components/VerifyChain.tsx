import { Button, Modal, Stack, Text } from '@mantine/core';
import { IconAlertOctagon, IconShieldCheck } from '@tabler/icons-react';
import { Facts } from '@/components/ui/Facts';
import { FormError } from '@/components/ui/FormError';
import { formatCount } from '@/lib/units';
import { useVerifyAudit } from '../api/verifyAudit';
import classes from './VerifyChain.module.css';

/** Has the server walk the chain of hashes, and shows what is proven, up to where, and what is wrong. */
export function VerifyChain({ tenantId }: { tenantId: number }) {
  const verify = useVerifyAudit(tenantId);
  const report = verify.data;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={15} aria-hidden />}
        loading={verify.isPending}
        onClick={() => verify.mutate()}
      >
        Verify chain
      </Button>
      <Modal
        opened={report !== undefined || verify.isError}
        onClose={verify.reset}
        title="Verification of the audit trail"
        size={480}
      >
        <Stack gap="md">
          <FormError error={verify.error} />
          {report && (
            <>
              <div className={classes.verdict} data-ok={report.ok || undefined} role="status">
                {report.ok ? (
                  <IconShieldCheck size={20} aria-hidden />
                ) : (
                  <IconAlertOctagon size={20} aria-hidden />
                )}
                {report.ok
                  ? 'The chain is whole: no entry was changed, removed or reordered.'
                  : 'The chain is broken.'}
              </div>
              {report.problems.length > 0 && (
                <ul className={classes.problems}>
                  {report.problems.map((problem) => (
                    <li key={problem}>{problem}</li>
                  ))}
                </ul>
              )}
              <Facts
                facts={[
                  ['Entries', formatCount(report.entries)],
                  ['Verified up to', formatCount(report.verified_to_seq)],
                  [
                    'Signed checkpoint',
                    report.checkpoint_seq === null
                      ? 'none yet'
                      : `covers up to ${formatCount(report.checkpoint_seq)}`,
                  ],
                  ['Not yet covered', formatCount(report.uncovered)],
                ]}
              />
              {report.uncovered > 0 && (
                <Text size="sm" c="dimmed">
                  The newest entries hang on the chain, but no signed checkpoint outside the database covers
                  them yet. The next one does.
                </Text>
              )}
            </>
          )}
        </Stack>
      </Modal>
    </>
  );
}
