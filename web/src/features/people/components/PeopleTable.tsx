import { Button, Select } from '@mantine/core';
import type { Schema } from '@/api/client';
import { Age } from '@/components/ui/Age';
import table from '@/components/ui/table.module.css';
import { useSession, useTenant } from '@/features/session/hooks';
import type { useChangePerson } from '../api/changePerson';
import { useNarrow } from '@/lib/useNarrow';
import { isRole, roleLabel, ROLES } from '../roles';
import classes from './PeopleTable.module.css';

type Person = Schema<'Person'>;

interface PeopleTableProps {
  people: readonly Person[];
  manage: boolean;
  change: ReturnType<typeof useChangePerson>;
  onRemove: (person: Person) => void;
}

export function PeopleTable({ people, manage, change, onRemove }: PeopleTableProps) {
  const { user } = useSession();
  const narrow = useNarrow();
  const tenant = useTenant();
  return (
    <div className={table.wrap}>
      <table className={table.table} aria-label={`People of ${tenant.name}`}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {!narrow && <th scope="col">Email</th>}
            <th scope="col">Role</th>
            <th scope="col" className={`${table.num} ${table.wide}`}>
              Last sign-in
            </th>
            <th scope="col" className={`${table.num} ${table.wide}`}>
              Added
            </th>
            {manage && (
              <th scope="col" className={table.num}>
                <span className={classes.hidden}>Remove</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {people.map((person) => {
            const self = person.user_id === user.id;
            return (
              <tr key={person.user_id}>
                <td>
                  <span className={classes.name}>{person.name}</span>
                  {self && <span className={table.faint}> you</span>}
                  {person.invited && <span className={classes.invited}>Invited</span>}
                  {narrow && <div className={classes.narrowEmail}>{person.email}</div>}
                </td>
                {!narrow && <td className={table.dim}>{person.email}</td>}
                <td>
                  {manage && !self ? (
                    <Select
                      aria-label={`Role of ${person.name}`}
                      className={classes.role}
                      data={ROLES.map(({ value, label }) => ({ value, label }))}
                      value={person.role}
                      allowDeselect={false}
                      disabled={change.isPending && change.variables.userId === person.user_id}
                      onChange={(role) => {
                        if (isRole(role) && role !== person.role)
                          change.mutate({ userId: person.user_id, role });
                      }}
                    />
                  ) : (
                    roleLabel(person.role)
                  )}
                </td>
                <td className={`${table.num} ${table.wide} ${table.dim}`}>
                  <Age at={person.last_sign_in_at} never="never" />
                </td>
                <td className={`${table.num} ${table.wide} ${table.dim}`}>
                  <Age at={person.added_at} />
                </td>
                {manage && (
                  <td className={table.num}>
                    {!self && (
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        aria-label={`Remove ${person.name}`}
                        onClick={() => onRemove(person)}
                      >
                        Remove
                      </Button>
                    )}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
