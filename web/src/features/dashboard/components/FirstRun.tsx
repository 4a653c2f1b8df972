import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { LinkButton } from '@/components/ui/LinkButton';
import type { Schema } from '@/api/client';
import { peopleQuery } from '@/features/people/api/listPeople';
import { useCan, useTenant } from '@/features/session/hooks';
import classes from './FirstRun.module.css';

interface StepProps {
  done: boolean;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

function Step({ done, title, children, action }: StepProps) {
  const Icon = done ? IconCircleCheckFilled : IconCircleDashed;
  return (
    <li className={classes.step} data-done={done || undefined}>
      <Icon size={20} aria-label={done ? 'Done' : 'To do'} className={classes.tick} />
      <div className={classes.words}>
        <h3 className={classes.title}>{title}</h3>
        <div className={classes.body}>{children}</div>
      </div>
      {!done && action}
    </li>
  );
}

/** What is left before this client is looked after. Each line is true, and is ticked by doing it. */
export function FirstRun({ dashboard }: { dashboard: Schema<'Dashboard'> }) {
  const tenant = useTenant();
  const can = useCan();
  const people = useQuery({ ...peopleQuery(tenant.tenant_id), enabled: can('people.read') });
  const members = people.data?.length ?? 0;
  return (
    <section aria-label="First steps" className={classes.box}>
      <h2 className={classes.heading}>Four steps to a client that is looked after</h2>
      <ol className={classes.list}>
        <Step done title={`${tenant.name} is made`}>
          It has its own keys, its own part of the database and its own audit trail.
        </Step>
        <Step
          done={members > 1}
          title="Add its people"
          action={
            can('people.manage') && (
              <LinkButton variant="default" to="/t/$slug/people" params={{ slug: tenant.slug }}>
                Add people
              </LinkButton>
            )
          }
        >
          {members > 1
            ? `${members} people can work here.`
            : 'Operators do the daily work; viewers only look.'}
        </Step>
        <Step
          done={dashboard.states.total > 0}
          title="Add its first router"
          action={
            can('devices.write') && (
              <LinkButton to="/t/$slug/devices" params={{ slug: tenant.slug }} search={{ add: true }}>
                Add router
              </LinkButton>
            )
          }
        >
          By address, user name and password, over api-ssl. Values and the first backup follow within seconds.
        </Step>
        <Step done={dashboard.last_snapshot_at !== null} title="See its first backup">
          {dashboard.last_snapshot_at === null
            ? 'It is taken by itself as soon as a router is added.'
            : 'The configuration of a router is on its timeline.'}
        </Step>
      </ol>
    </section>
  );
}
