package awsproto

import (
	"errors"
	"reflect"
)

var errLater = errors.New("awsproto: being written")

type checkState uint8
type pattern struct{ source string }

// Form is a set of Query parameters.
type Form struct{}

// Get returns the first value of a parameter, "" when there is none.
func (f *Form) Get(name string) string { return "" }

func (r *Request) parseForm() (*Form, error)                { return nil, errLater }
func (c *Codec) decodeQuery(*Request, reflect.Value) error  { return errLater }
func (c *Codec) decodeJSON(*Request, reflect.Value) error   { return errLater }
func (c *Codec) decodeREST(*Request, reflect.Value) error   { return errLater }
func (c *Codec) encodeQuery(*Response, reflect.Value) error { return errLater }
func (c *Codec) encodeJSON(*Response, reflect.Value) error  { return errLater }
func (c *Codec) encodeREST(*Response, reflect.Value) error  { return errLater }
func (c *Codec) validate(any) Violations                    { return nil }
func (v Violations) text() string                           { return "" }
func (a *API) refuse(r Refusal, m string) Error             { return Error{} }
func (a *API) errorOf(error) (Error, bool)                  { return Error{}, false }
func (a *API) encodeError(Error, string) *Response          { return newResponse("") }
