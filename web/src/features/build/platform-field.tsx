import { NOT_THERE_YET, PLATFORMS, type Platform, type Releases, whyNot } from './delivery.ts';

const NEEDS = { 'windows-exe': 'exe', 'windows-msi': 'msi', linux: 'linux' } as const;

/** What an installer is wanted for; those that this server cannot make say why. */
export function PlatformField(props: {
  platform: Platform;
  releases: Releases | undefined;
  onChange: (platform: Platform) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">Platform</legend>
      <div className="grid gap-2 sm:grid-cols-3">
        {PLATFORMS.map(({ value, label, hint }) => {
          const refusal = whyNot(NEEDS[value], props.releases);
          return (
            <label
              key={value}
              className="flex cursor-pointer items-start gap-2.5 rounded-lg border border-border p-3 text-sm has-checked:border-primary has-checked:bg-accent has-disabled:cursor-default"
            >
              <input
                type="radio"
                name="platform"
                aria-label={label}
                aria-describedby={`platform-${value}`}
                className="mt-0.5 size-4 shrink-0 accent-primary"
                disabled={refusal !== undefined}
                checked={props.platform === value}
                onChange={() => props.onChange(value)}
              />
              <span>
                <span className="block font-medium">{label}</span>
                <span id={`platform-${value}`} className="block text-muted-foreground text-xs">
                  {refusal ?? hint}
                </span>
              </span>
            </label>
          );
        })}
      </div>
      <p className="mt-1.5 text-muted-foreground text-sm">
        It can be had as every one of them later. {NOT_THERE_YET}
      </p>
    </fieldset>
  );
}
