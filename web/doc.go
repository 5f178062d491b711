// Package web owns the server-rendered pages on which a person types
// credentials or approves something: their templates, style sheet, script,
// pictures and message catalogues (English and Japanese), the typed view of
// each page, and the e-mails written from the same catalogue.
//
// It knows nothing of HTTP, of storage or of who may do what: a browser flow
// decides, fills in a view and calls [Pages.Render]. Everything that a view
// carries may come from strangers (an application's name, a user agent, a
// path); the package escapes it, strips what could reorder or hide text, and
// bounds its length.
//
// Every page works without script and under [ContentSecurityPolicy]. The
// fields that its forms post are named by the Field constants.
package web
