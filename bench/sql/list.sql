-- The first 50 steps of a scenario, with 20 fields and the agent, as one statement.
\set number random(1, :scenarios)
SELECT scenario.name, step.id, step.index, step.created_at, step.updated_at, step.version,
  step.name, step.scenario_id, step.agent_id, step.trigger, step.prompt, step.initial_message,
  step.auto_next_time, step.auto_next_time_unit, step.default_status, step.default_priority,
  step.default_ai_control, step.assignee_logic_type, step.is_required, step.default_tags,
  step.webhook_url, agent.id, agent.name, agent.icon_url
FROM crm_scenario AS scenario
JOIN crm_step AS step
  ON step.organization_id = scenario.organization_id AND step.scenario_id = scenario.id
LEFT JOIN agent ON agent.organization_id = step.organization_id AND agent.id = step.agent_id
WHERE scenario.organization_id = :organization::uuid
  AND scenario.id = ('30000000-0000-7000-8000-' || lpad(:number::text, 12, '0'))::uuid
ORDER BY step.rank
LIMIT 50;
