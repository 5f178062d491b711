package web

import (
	"errors"
	"io"
)

// Pages renders views and mails; safe for concurrent use.
type Pages struct{}

// New reads the templates and catalogues that are built into the program.
func New() (*Pages, error) { return &Pages{}, nil }

var errNotYet = errors.New("web: no templates")

// Render writes the whole HTML document of a page, in the frame's language,
// with a single call of w.Write. After an error nothing has been written,
// unless it is w's own.
func (p *Pages) Render(w io.Writer, page Page) error { return errNotYet }

// Mail writes an e-mail in the language loc.
func (p *Pages) Mail(m Mail, loc Locale) (Message, error) { return Message{}, errNotYet }
