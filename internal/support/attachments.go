package support

import (
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

// Bounds of attachments (models/support.json), and of sets, which is ours.
const (
	MaxAttachments    = 3       // of a set
	MaxAttachmentSize = 5 << 20 // bytes
	// SetLifetime is how long a set waits to be sent with a case or a message.
	SetLifetime = time.Hour
	// maxSets is how many sets an account can make within SetLifetime.
	maxSets     = 20
	maxFileName = 255 // characters
	// MaxStored is what all the files of an account may be together, waiting or with a
	// case, and MaxStoredInactive the same while the account is not ACTIVE: until
	// then an account costs an e-mail address only. A full set fits.
	MaxStored         = 100 << 20 // bytes
	MaxStoredInactive = 16 << 20
)

// AttachmentSet is what waits to be sent with a case or a message.
type AttachmentSet struct {
	ID      string
	Account string
	// CaseID is the case that it went with; "" while it waits.
	CaseID               string
	CreatedAt, ExpiresAt time.Time
}

// Attachment is a file.
type Attachment struct {
	ID       string
	Set      string
	FileName string
	Data     []byte
	// KeptUntil is when the file is forgotten.
	KeptUntil time.Time
}

// AttachmentStore keeps attachments. Data is encrypted at rest.
type AttachmentStore interface {
	// AttachmentSet returns the set, or NotFound.
	AttachmentSet(id string) (AttachmentSet, error)
	// PutAttachmentSet creates or replaces it. One that went with a case is kept as
	// long as its files, any other until it expires.
	PutAttachmentSet(s AttachmentSet) error
	// AttachmentSetCount counts the sets that the account made since then.
	AttachmentSetCount(account string, since time.Time) (int, error)
	// AttachedBytes is about how much the account's files that are still kept at now
	// take together, as stored: never less than their data.
	AttachedBytes(account string, now time.Time) (int64, error)
	// Attachment returns the file, or NotFound.
	Attachment(id string) (Attachment, error)
	// PutAttachment adds a file to a set that exists.
	PutAttachment(a Attachment) error
	// KeepAttachments moves the time until which a set's files are kept.
	KeepAttachments(set string, until time.Time) error
	// AttachedIn names the files of a set, in the order of their ids.
	AttachedIn(set string) ([]Attached, error)
}

// File is a file to attach.
type File struct {
	Name string
	Data []byte
}

// Attach adds files to the account's set of that id; with "" to a new one, of
// which there can be 20 in an hour. Another account's set is as one that does not
// exist: NotFound with the reason "attachment-set". Expired is a set past its time;
// Limit has the reason "attachment-size" for more than 3 files or 5 MB,
// "attachment-sets" for too many sets, and "attachments-stored" for more than
// MaxStored in all.
func Attach(tx Tx, accountID, setID string, files []File, now time.Time) (AttachmentSet, error) {
	s, err := setToFill(tx, accountID, setID, now)
	if err != nil {
		return s, err
	}
	have, err := tx.AttachedIn(s.ID)
	if err != nil {
		return s, err
	}
	if len(files) == 0 {
		return s, invalid("attachments", "There must be at least one attachment.")
	}
	if len(have)+len(files) > MaxAttachments {
		return s, errTooLarge
	}
	if err := roomFor(tx, accountID, files, now); err != nil {
		return s, err
	}
	for i, f := range files {
		name := strings.TrimSpace(f.Name)
		switch {
		case !line(name, 1, maxFileName) || strings.ContainsAny(name, `/\`) || name == "." || name == "..":
			return s, invalid("file-name", "The file name of an attachment is not valid.")
		case len(f.Data) > MaxAttachmentSize:
			return s, errTooLarge
		case len(f.Data) == 0:
			return s, invalid("attachments", "An attachment has no content.")
		}
		// Ids sort by time, and so keep the order in which files were added.
		a := Attachment{ID: newAttachmentID(now.Add(time.Duration(len(have) + i))), Set: s.ID, FileName: name, Data: f.Data, KeptUntil: s.ExpiresAt}
		if err := tx.PutAttachment(a); err != nil {
			return s, err
		}
	}
	return s, nil
}

// roomFor refuses files for which the account has no room left.
func roomFor(tx Tx, accountID string, files []File, now time.Time) error {
	a, err := tx.Account(accountID)
	if err != nil {
		return err
	}
	total, err := tx.AttachedBytes(accountID, now)
	if err != nil {
		return err
	}
	for _, f := range files {
		total += int64(len(f.Data))
	}
	room := int64(MaxStored)
	if a.Status != account.Active {
		room = MaxStoredInactive
	}
	if total > room {
		return fault.New(fault.Limit, "attachments-stored", "The limit for the size of all attachments of the account has been exceeded.")
	}
	return nil
}

func setToFill(tx Store, account, id string, now time.Time) (AttachmentSet, error) {
	if id != "" {
		return waitingSet(tx, account, id, now)
	}
	made, err := tx.AttachmentSetCount(account, now.Add(-SetLifetime))
	if err != nil {
		return AttachmentSet{}, err
	}
	if made >= maxSets {
		return AttachmentSet{}, fault.New(fault.Limit, "attachment-sets",
			"The limit for the number of attachment sets created in a short period of time has been exceeded.")
	}
	s := AttachmentSet{ID: arn.NewHexID("as-", 32), Account: account, CreatedAt: now, ExpiresAt: now.Add(SetLifetime)}
	return s, tx.PutAttachmentSet(s)
}

// waitingSet is the account's set that went with no case yet.
func waitingSet(tx Store, account, id string, now time.Time) (AttachmentSet, error) {
	s, err := tx.AttachmentSet(id)
	switch {
	case fault.Is(err, fault.NotFound) || err == nil && (s.Account != account || s.CaseID != ""):
		return s, errNoSet
	case err == nil && !now.Before(s.ExpiresAt):
		return s, fault.New(fault.Expired, "attachment-set", "The expiration time of the attachment set has passed.")
	}
	return s, err
}

// useSet sends the set with a message of the case.
func useSet(tx Store, c Case, id string, now time.Time) ([]Attached, error) {
	s, err := waitingSet(tx, c.Account, id, now)
	if err != nil {
		return nil, err
	}
	s.CaseID = c.ID
	if err := tx.KeepAttachments(s.ID, now.Add(Kept)); err != nil {
		return nil, err
	}
	if err := tx.PutAttachmentSet(s); err != nil {
		return nil, err
	}
	return tx.AttachedIn(s.ID)
}

// AttachmentOf is a file of one of the account's cases, or that waits to be sent.
// Another account's is as one that does not exist: NotFound.
func AttachmentOf(tx Store, account, id string, now time.Time) (Attachment, error) {
	a, err := tx.Attachment(id)
	if fault.Is(err, fault.NotFound) || err == nil && !now.Before(a.KeptUntil) {
		return Attachment{}, errNoAttachment
	}
	if err != nil {
		return a, err
	}
	s, err := tx.AttachmentSet(a.Set)
	if fault.Is(err, fault.NotFound) || err == nil && (account == "" || s.Account != account) {
		return Attachment{}, errNoAttachment
	}
	return a, err
}

// newAttachmentID sorts by time, so that a set's files stay in their order.
func newAttachmentID(now time.Time) string { return "attachment-" + newCommunicationID(now) }

var (
	errNoSet        = fault.New(fault.NotFound, "attachment-set", "An attachment set with the specified ID could not be found.")
	errNoAttachment = fault.New(fault.NotFound, "attachment", "An attachment with the specified ID could not be found.")
	errTooLarge     = fault.New(fault.Limit, "attachment-size",
		"A limit for the size of an attachment set has been exceeded. The limits are three attachments and 5 MB per attachment.")
)
