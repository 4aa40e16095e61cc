import { Menu as MenuIcon, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { Button } from '../components/button.tsx';
import { LogoMark } from '../components/logo.tsx';
import { PaletteHost } from '../features/palette/palette-host.tsx';
import { cn } from '../lib/class-names.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { MobileDrawer } from './mobile-drawer.tsx';
import { paths } from './paths.ts';
import { Sidebar } from './sidebar.tsx';
import { useHoldReady } from './warm-viewers-context.ts';

/** The frame of the dashboard: sidebar (a drawer on phones), then the page. */
export function AppShell() {
  const { pathname } = useLocation();
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  useHoldReady(pathname === paths.support);
  // The list of machines scrolls by itself and wants all the room there is.
  const isFilled = pathname.startsWith(paths.access);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer
  useEffect(() => setDrawerOpen(false), [pathname]);

  return (
    <div className={cn('flex', isFilled ? 'h-dvh' : 'min-h-dvh')}>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-1/2 focus:z-50 focus:-translate-x-1/2 focus:rounded-lg focus:bg-primary focus:px-4 focus:py-2 focus:text-primary-foreground"
      >
        Skip to content
      </a>
      <Sidebar className="sticky top-0 hidden h-dvh md:flex" onPalette={() => setPaletteOpen(true)} />
      <PaletteHost open={paletteOpen} onOpenChange={setPaletteOpen} />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-30 flex h-14 items-center gap-3 border-b bg-sidebar px-3 md:hidden">
          <Button
            tone="ghost"
            size="icon"
            aria-label="Open the menu"
            aria-expanded={drawerOpen}
            onClick={() => setDrawerOpen(true)}
          >
            <MenuIcon aria-hidden="true" />
          </Button>
          <LogoMark className="size-7" />
          <span className="font-semibold">GuruConnect</span>
          <Button
            tone="ghost"
            size="icon"
            aria-label="Find machines, sessions and commands"
            className="ml-auto"
            onClick={() => setPaletteOpen(true)}
          >
            <Search aria-hidden="true" />
          </Button>
        </header>
        <MobileDrawer open={drawerOpen} onOpenChange={setDrawerOpen} />
        <ConnectionBanner />
        <main
          id="content"
          tabIndex={-1}
          className={cn(
            'flex-1 outline-none',
            isFilled ? 'flex min-h-0' : 'mx-auto w-full max-w-6xl p-4 sm:p-6 lg:p-8',
          )}
        >
          <Outlet />
        </main>
      </div>
    </div>
  );
}
