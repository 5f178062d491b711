// Package notify is mail and text messages to people: the message, the outbox
// it waits in, and the senders that take it out.
//
// A message is queued in the transaction that caused it and delivered after, so
// that none is sent for what did not happen and none is lost. What messages say
// is the pages' business (package web).
package notify

import (
	"time"
)

// Channel is how a message travels.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
	Voice Channel = "voice"
)

// FromIdentityCenter is the sender of all Identity Center mail (N-01).
const FromIdentityCenter = "no-reply@login.awsapps.com"

// Message is one message to one person.
type Message struct {
	ID      string // ordered by time
	Channel Channel
	From    string
	To      string
	Subject string
	Text    string
	HTML    string
	// Links and Codes are what the message asks the person to follow or type,
	// so that the developer's mailbox can show them.
	Links     []string
	Codes     []string
	CreatedAt time.Time

	// Attempts counts failed deliveries, NextAttempt is when to try again, and
	// DeliveredAt is zero until one succeeded.
	Attempts    int
	NextAttempt time.Time
	DeliveredAt time.Time
}

// Store is the outbox.
type Store interface {
	PutMessage(m Message) error
	// DueMessages returns undelivered messages whose time has come, oldest first.
	DueMessages(now time.Time, limit int) ([]Message, error)
	// Messages returns all kept messages, newest first.
	Messages(limit int) ([]Message, error)
	DeleteMessages() error
}
