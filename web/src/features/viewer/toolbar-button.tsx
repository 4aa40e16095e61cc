import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { buttonStyles } from '../../components/button-styles.ts';
import { cn } from '../../lib/class-names.ts';

type ToolbarButtonProps = Omit<ComponentProps<'button'>, 'children'> & {
  icon: LucideIcon;
  label: string;
  /** Shown beside the icon where there is room. */
  text?: string;
  tone?: 'ghost' | 'primary' | 'dangerGhost';
};

/** An icon with a name: as a tooltip, and for screen readers. */
export function ToolbarButton({
  icon: Icon,
  label,
  text,
  tone = 'ghost',
  className,
  ...rest
}: ToolbarButtonProps) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={cn(
        buttonStyles({ tone, size: text ? 'small' : 'icon' }),
        // All of them in one row of a phone.
        'aria-pressed:bg-accent aria-pressed:text-accent-foreground max-sm:w-8 max-sm:px-0',
        className,
      )}
    >
      <Icon aria-hidden="true" />
      {text && <span className="max-sm:sr-only">{text}</span>}
    </button>
  );
}
