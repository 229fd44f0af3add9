-- One statement that stores and returns what createCrmStep does. `scenarios`, `organization`, `agent`,
-- `first_member`, `second_member` and `token` are set on the command line.
\set number random(1, :scenarios)
\set name random(1, 1000000000)
WITH scenario AS (
  UPDATE crm_scenario
  SET step_count = step_count + 1, last_rank = last_rank + 4294967296
  WHERE organization_id = :organization::uuid
    AND id = ('30000000-0000-7000-8000-' || lpad(:number::text, 12, '0'))::uuid
  RETURNING *
), step AS (
  INSERT INTO crm_step (
    organization_id, id, created_at, updated_at, version, scenario_id, index, rank, name,
    name_folded, name_caseless, agent_id, trigger, prompt, initial_message, auto_next_time,
    auto_next_time_unit, default_status, default_priority, default_ai_control, assignee_logic_type,
    assignee_count, is_required, is_conversation_removal_step, default_tags, default_tags_to_remove,
    request_contact, zapi_agent_id, zapi_phone_number, zapi_message, whatsapp_template_agent_id,
    whatsapp_template_name, whatsapp_template_language_code, whatsapp_template_text, webhook_url,
    webhook_header
  )
  SELECT organization_id, gen_random_uuid(), now(), now(), 1, id, step_count - 1, last_rank,
    'Qualificação ' || :name, 'qualificação ' || :name, 'qualificação ' || :name,
    :agent::uuid, 'O cliente demonstrou interesse em um dos planos e pediu os valores.',
    'Você atende leads que chegam pelo WhatsApp. Descubra o porte da empresa, o prazo e o orçamento antes de oferecer uma demonstração. Seja breve.',
    'Oi! Que bom ter você aqui. Posso fazer três perguntas rápidas?', 2, 'h', 'UNRESOLVED',
    'MEDIUM', true, 'random_selected', 2, true, false, '["lead","whatsapp"]', '["novo"]',
    '{"name": true, "email": true, "phone": false}', :agent::uuid, '+55 11 91234-5678',
    'Novo lead em qualificação.', :agent::uuid, 'qualificacao_lead', 'pt_BR',
    'Olá {{1}}, tudo bem?', 'https://hooks.example.com/crm/qualificacao', :header
  FROM scenario
  RETURNING *
), tags AS (
  INSERT INTO crm_step_tag (organization_id, tag, step_id, tag_caseless)
  SELECT organization_id, tag, id, tag FROM step, unnest(ARRAY['lead', 'whatsapp']) AS tag
), assignees AS (
  INSERT INTO crm_step_assignee (organization_id, step_id, position, membership_id)
  SELECT organization_id, id, position - 1, member
  FROM step, unnest(ARRAY[:first_member, :second_member]::uuid[]) WITH ORDINALITY AS m (member, position)
), history AS (
  INSERT INTO change (
    organization_id, id, happened_at, token_id, token_name, action, subject_type, subject_id,
    scenario_id, after
  )
  SELECT organization_id, gen_random_uuid(), created_at, :token::uuid, 'pgbench', 'CREATED',
    'CRM_STEP', id, scenario_id, row_to_json(step)::text
  FROM step
)
SELECT step.*, agent.id, agent.name, agent.icon_url, scenario.id, scenario.name,
  scenario.description
FROM step
JOIN scenario ON scenario.id = step.scenario_id
JOIN agent ON agent.organization_id = step.organization_id AND agent.id = step.agent_id;
