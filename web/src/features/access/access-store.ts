import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface AccessChoices {
  /** Sections of the sidebar that are not as they usually begin: true for open. */
  sections: Record<string, boolean>;
  /** Companies whose sites are shown. */
  openCompanies: string[];
  /** Queries that were looked for lately, the newest first. */
  recentQueries: string[];
  setSection(section: string, isOpen: boolean): void;
  toggleCompany(key: string): void;
  remember(query: string): void;
  forgetQueries(): void;
}

const MAX_RECENT = 8;

/** What the person chose on the Access tab in this browser. */
export const useAccessChoices = create<AccessChoices>()(
  persist(
    (set) => ({
      sections: {},
      openCompanies: [],
      recentQueries: [],
      setSection: (section, isOpen) => set((was) => ({ sections: { ...was.sections, [section]: isOpen } })),
      toggleCompany: (key) =>
        set(({ openCompanies }) => ({
          openCompanies: openCompanies.includes(key)
            ? openCompanies.filter((one) => one !== key)
            : [...openCompanies, key],
        })),
      remember: (query) =>
        set(({ recentQueries }) => ({
          recentQueries: [query, ...recentQueries.filter((one) => one !== query)].slice(0, MAX_RECENT),
        })),
      forgetQueries: () => set({ recentQueries: [] }),
    }),
    { name: 'guruconnect.access' },
  ),
);
