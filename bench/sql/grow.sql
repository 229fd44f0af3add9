-- Adds scenarios, each with copies of the steps of the first one and of their related rows.
CREATE TEMP TABLE copy AS
SELECT n, ('40000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid AS scenario_id
FROM generate_series(1, :scenarios) AS n;
INSERT INTO crm_scenario
SELECT (jsonb_populate_record(scenario, jsonb_build_object('id', copy.scenario_id))).*
FROM copy, crm_scenario AS scenario
WHERE scenario.id = (SELECT min(id::text)::uuid FROM crm_scenario);
CREATE TEMP TABLE copied AS
SELECT step.id AS original, gen_random_uuid() AS id, copy.scenario_id, step.organization_id
FROM copy, crm_step AS step
WHERE step.scenario_id = (SELECT min(id::text)::uuid FROM crm_scenario);
INSERT INTO crm_step
SELECT (jsonb_populate_record(step, jsonb_build_object('id', copied.id, 'scenario_id', copied.scenario_id))).*
FROM copied JOIN crm_step AS step ON step.organization_id = copied.organization_id AND step.id = copied.original;
INSERT INTO crm_step_tag
SELECT tag.organization_id, tag.tag, copied.id, tag.tag_caseless
FROM copied JOIN crm_step_tag AS tag ON tag.step_id = copied.original AND tag.organization_id = copied.organization_id;
INSERT INTO crm_step_assignee
SELECT assignee.organization_id, copied.id, assignee.position, assignee.membership_id
FROM copied JOIN crm_step_assignee AS assignee ON assignee.step_id = copied.original AND assignee.organization_id = copied.organization_id;
INSERT INTO change (organization_id, id, happened_at, token_id, token_name, action, subject_type, subject_id, scenario_id, after)
SELECT change.organization_id, gen_random_uuid(), happened_at, token_id, token_name, action, subject_type, copied.id, copied.scenario_id, after
FROM copied JOIN change ON change.organization_id = copied.organization_id AND change.subject_id = copied.original;
ANALYZE;
CHECKPOINT;
