import { cva, type VariantProps } from 'class-variance-authority';

/** The look of a button, also for links that act like one. */
export const buttonStyles = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium disabled:pointer-events-none disabled:opacity-55 aria-disabled:pointer-events-none aria-disabled:opacity-55 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        primary: 'bg-primary text-primary-foreground shadow-xs hover:bg-primary/90',
        secondary: 'border border-border bg-card text-card-foreground shadow-xs hover:bg-muted',
        ghost: 'text-foreground hover:bg-muted',
        danger: 'bg-danger text-danger-foreground shadow-xs hover:bg-danger/90',
        dangerGhost: 'text-danger-text hover:bg-danger-soft',
      },
      size: {
        small: 'h-8 px-3 text-sm [&_svg]:size-4',
        medium: 'h-10 px-4 text-sm [&_svg]:size-4',
        large: 'h-12 px-6 text-base [&_svg]:size-5',
        square: 'size-10 [&_svg]:size-4',
        icon: 'size-9 [&_svg]:size-[1.15rem]',
      },
    },
    defaultVariants: { tone: 'secondary', size: 'medium' },
  },
);

export type ButtonStyle = VariantProps<typeof buttonStyles>;
