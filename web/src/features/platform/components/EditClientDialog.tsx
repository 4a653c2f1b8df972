import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import type { Schema } from '@/api/client';
import { Bone, Loading } from '@/components/ui/Bone';
import { ErrorState } from '@/components/ui/ErrorState';
import { FormError } from '@/components/ui/FormError';
import { showFieldErrors } from '@/lib/fieldErrors';
import { networksProblem } from '@/lib/networks';
import { useChangeTenant } from '../api/changeTenant';
import { tenantsQuery } from '../api/listTenants';
import { NetworksInput } from './NetworksInput';

function EditForm({ tenant, onClose }: { tenant: Schema<'Tenant'>; onClose: () => void }) {
  const change = useChangeTenant(tenant.id);
  const form = useForm({
    initialValues: { name: tenant.name, networks: tenant.management_networks },
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter the client’s name' : null),
      networks: networksProblem,
    },
  });
  const submit = form.onSubmit(({ name, networks }) =>
    change.mutate(
      { name: name.trim(), management_networks: networks },
      {
        onSuccess: onClose,
        onError: (error) => showFieldErrors(form, error, { name: 'name', management_networks: 'networks' }),
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
        <NetworksInput {...form.getInputProps('networks')} />
        <FormError error={change.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            Save changes
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A client's name and the networks in which its routers may be reached. */
export function EditClientDialog({ tenantId, onClose }: { tenantId: number; onClose: () => void }) {
  const tenants = useQuery(tenantsQuery);
  const tenant = tenants.data?.find((each) => each.id === tenantId);
  return (
    <Modal opened onClose={onClose} size={520} title={tenant ? `Edit ${tenant.name}` : 'Edit client'}>
      {tenants.isPending ? (
        <Loading label="Loading the client">
          <Bone height={160} />
        </Loading>
      ) : tenant ? (
        <EditForm tenant={tenant} onClose={onClose} />
      ) : (
        <ErrorState
          inline
          error={tenants.error ?? new Error('It is not in the list of clients.')}
          what="this client"
          onRetry={() => void tenants.refetch()}
        />
      )}
    </Modal>
  );
}
