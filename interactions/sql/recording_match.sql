-- A row: a recording that waited for its conversation, now that one with its thread is there on the same line.
-- Reads: interactions_recording by recording_waiting, interactions_conversation by conversation_once.
UPDATE interactions_recording AS recording
SET conversation_id = conversation.id
FROM interactions_conversation AS conversation
WHERE recording.conversation_id IS NULL
  AND conversation.line_id = recording.line_id AND conversation.thread = recording.call_id
