package sqlstore

import (
	"encoding/json"
	"time"

	"sekisho/internal/notify"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var putMessage = upsert("messages", "id", messageColumns+", forget_at")

const (
	messageColumns = "id, channel, sender, recipient, sealed, created_at, attempts, next_attempt, delivered_at"

	// messageKept is how long a message stays to be looked at after its
	// delivery, undeliverableKept how long one stays that nobody would take.
	messageKept       = 7 * 24 * time.Hour
	undeliverableKept = 30 * 24 * time.Hour
)

// content is what of a message is encrypted: its links and codes let people in.
type content struct {
	Subject string   `json:"subject,omitempty"`
	Text    string   `json:"text,omitempty"`
	HTML    string   `json:"html,omitempty"`
	Links   []string `json:"links,omitempty"`
	Codes   []string `json:"codes,omitempty"`
}

// PutMessage creates or replaces.
func (t *tx) PutMessage(m notify.Message) error {
	plain, err := json.Marshal(content{m.Subject, m.Text, m.HTML, m.Links, m.Codes})
	if err != nil {
		return err
	}
	forget := m.CreatedAt.Add(undeliverableKept)
	if !m.DeliveredAt.IsZero() {
		forget = m.DeliveredAt.Add(messageKept)
	}
	_, err = t.exec(putMessage, m.ID, string(m.Channel), m.From, m.To, t.seal(m.ID, plain), sqldb.Micros(m.CreatedAt),
		m.Attempts, sqldb.Micros(m.NextAttempt), sqldb.Micros(m.DeliveredAt), sqldb.Micros(forget))
	t.note(store.KeyOutbox())
	return err
}

func (t *tx) scanMessage(r sqldb.Row) (m notify.Message, err error) {
	var sealed []byte
	if err := r.Scan(&m.ID, &m.Channel, &m.From, &m.To, &sealed, sqldb.AsTime(&m.CreatedAt), &m.Attempts,
		sqldb.AsTime(&m.NextAttempt), sqldb.AsTime(&m.DeliveredAt)); err != nil {
		return m, err
	}
	plain, err := t.unseal(m.ID, sealed)
	if err != nil {
		return m, err
	}
	var c content
	err = json.Unmarshal(plain, &c)
	m.Subject, m.Text, m.HTML, m.Links, m.Codes = c.Subject, c.Text, c.HTML, c.Links, c.Codes
	return m, err
}

func (t *tx) DueMessages(now time.Time, limit int) ([]notify.Message, error) {
	return all(t, t.scanMessage, "SELECT "+messageColumns+
		" FROM messages WHERE delivered_at = 0 AND next_attempt <= ? ORDER BY id LIMIT ?", sqldb.Micros(now), limit)
}

func (t *tx) Messages(limit int) ([]notify.Message, error) {
	return all(t, t.scanMessage, "SELECT "+messageColumns+" FROM messages ORDER BY id DESC LIMIT ?", limit)
}

func (t *tx) DeleteMessages() error {
	_, err := t.exec("DELETE FROM messages")
	t.note(store.KeyOutbox())
	return err
}
