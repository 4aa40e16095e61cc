import type { CompanyView } from '@guruconnect/shared';
import { Field } from './field.tsx';
import { Select } from './input.tsx';

/** Where machines belong. */
export interface Place {
  readonly companyId: string;
  readonly siteId: string | null;
}

/** A company, and one of its sites or none. Without a place nothing is chosen yet; then the first choice asks for one. */
export function PlaceFields(props: {
  companies: readonly CompanyView[];
  place: Place | undefined;
  error?: string | undefined;
  onChange: (place: Place | undefined) => void;
  /** Offers to choose nothing. */
  mayBeNone?: boolean;
}) {
  const { companies, place, onChange } = props;
  const sites = companies.find((one) => one.companyId === place?.companyId)?.sites ?? [];
  return (
    <>
      <Field label="Company" error={props.error}>
        {(control) => (
          <Select
            {...control}
            value={place?.companyId ?? ''}
            onChange={({ target: { value } }) =>
              onChange(value ? { companyId: value, siteId: null } : undefined)
            }
          >
            {props.mayBeNone && <option value="">Choose…</option>}
            {companies.map((one) => (
              <option key={one.companyId} value={one.companyId}>
                {one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Site">
        {(control) => (
          <Select
            {...control}
            disabled={!place}
            value={place?.siteId ?? ''}
            onChange={({ target: { value } }) => place && onChange({ ...place, siteId: value || null })}
          >
            <option value="">No site</option>
            {sites.map((site) => (
              <option key={site.siteId} value={site.siteId}>
                {site.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}
