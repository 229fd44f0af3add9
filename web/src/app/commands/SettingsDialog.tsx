import { languages } from '../../messages/language';
import { useMessages } from '../../messages/Messages';
import { Dialog } from '../../ui/Dialog';
import { Picker } from '../../ui/Picker';
import { Segmented } from '../../ui/Segmented';
import { Switch } from '../../ui/Switch';
import { changeSettings, useSettings } from '../settings';

const THEMES = ['system', 'light', 'dark'] as const;
const LANGUAGES = languages.map(({ id, name }) => ({ id, label: name, isData: true }));

/** What a person chooses for this browser; each choice holds at once. */
export default function SettingsDialog({ onClose }: { onClose: () => void }) {
  const t = useMessages();
  const { theme, language, singleKeys } = useSettings();
  return (
    <Dialog title={t.app.settings} onClose={onClose}>
      <Segmented
        label={t.commands.theme}
        items={THEMES.map((id) => ({ id, label: t.commands.themes[id] }))}
        value={theme}
        onChange={(next) => changeSettings({ theme: next })}
      />
      <Picker
        label={t.commands.language}
        items={LANGUAGES}
        value={language === 'en-XA' ? 'en' : language}
        onChange={(next) => changeSettings({ language: next })}
      />
      <Switch
        isSelected={singleKeys}
        onChange={(next) => changeSettings({ singleKeys: next })}
        description={t.commands.singleKeysDescription}
      >
        {t.commands.singleKeys}
      </Switch>
      <p className="field-description">{t.commands.kept}</p>
    </Dialog>
  );
}
