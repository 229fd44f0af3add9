import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql } from 'relay-runtime';
import { sentenceOfFailure } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import { toFailure } from '../../relay/errors';
import type { FlowDownloadsQuery, FlowDownloadsQuery$data } from '../../relay/__generated__/FlowDownloadsQuery.graphql';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { Menu } from '../../ui/Menu';
import { showToast } from '../../ui/toasts';

const PICTURES = graphql`
  query FlowDownloadsQuery($id: ID!) {
    crmScenario(id: $id) {
      name
      key
      flow {
        svg
        mermaid
        dot
      }
    }
  }
`;

type Pictures = NonNullable<FlowDownloadsQuery$data['crmScenario']>['flow'];

const TYPES = { svg: 'image/svg+xml', mermaid: 'text/plain', dot: 'text/vnd.graphviz' } as const;
const ENDINGS = { svg: 'svg', mermaid: 'mmd', dot: 'dot' } as const;

/** A menu that saves the picture as the server draws it, for documents and forges. */
export function FlowDownloads({ id }: { id: string }) {
  const t = useMessages();
  const environment = useRelayEnvironment();

  async function save(format: keyof Pictures & keyof typeof TYPES): Promise<void> {
    const request = fetchQuery<FlowDownloadsQuery>(
      environment,
      PICTURES,
      { id },
      { networkCacheConfig: { force: true } },
    );
    try {
      const scenario = (await request.toPromise())?.crmScenario;
      if (scenario == null) return;
      const file = `${scenario.key ?? fileNameOf(scenario.name)}.${ENDINGS[format]}`;
      saveAs(file, TYPES[format], scenario.flow[format]);
      announce(t.flow.downloaded(file));
    } catch (error) {
      const action = { label: t.ui.tryAgain, run: () => void save(format) };
      showToast({ tone: 'danger', text: sentenceOfFailure(t, toFailure(error)), action });
    }
  }

  return (
    <Menu
      trigger={
        <Button icon="download" size="sm" variant="quiet">
          {t.flow.download}
        </Button>
      }
      items={[
        { id: 'svg', label: t.flow.downloadSvg, onAction: () => void save('svg') },
        { id: 'mermaid', label: t.flow.downloadMermaid, onAction: () => void save('mermaid') },
        { id: 'dot', label: t.flow.downloadDot, onAction: () => void save('dot') },
      ]}
    />
  );
}

/** A name without the characters that file systems do not take. */
function fileNameOf(name: string): string {
  return (
    name
      .replaceAll(/[\s\p{C}\\/:*?"<>|]+/gu, ' ')
      .trim()
      .slice(0, 100) || 'pipeline'
  );
}

function saveAs(file: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file;
  link.click();
  // After the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
