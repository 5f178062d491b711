package support_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssupport "github.com/aws/aws-sdk-go-v2/service/support"
	"github.com/aws/aws-sdk-go-v2/service/support/types"

	"sekisho/internal/store"
	"sekisho/internal/support"
)

const (
	tooLarge = "A limit for the size of an attachment set has been exceeded. The limits are three attachments and 5 MB per attachment."
	noSet    = "An attachment set with the specified ID could not be found."
	notText  = "The communication body must have 1 to 8000 characters, and no control characters but line ends and tabs."
	noFile   = "An attachment with the specified ID could not be found."
)

func (w *world) attach(accountID, set string, files ...types.Attachment) (string, error) {
	in := awssupport.AddAttachmentsToSetInput{Attachments: files}
	if set != "" {
		in.AttachmentSetId = &set
	}
	out, err := w.service.AddAttachmentsToSet(w.Context(), w.by(accountID, "AddAttachmentsToSet"), &in)
	return aws.ToString(out.AttachmentSetId), err
}

func file(name, data string) types.Attachment {
	return types.Attachment{FileName: &name, Data: []byte(data)}
}

// Files are sent with a case once, and read by whom the case belongs to (O-09).
func TestAttachments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set, err := w.attach(mine, "", file("ログ.txt", "one"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.attach(mine, set, file("b.png", "\x00\xff")); err != nil {
		t.Fatal(err)
	}
	_, err = w.attach(theirs, set, file("c", "x"))
	w.expect("another account adds to the set", err, "AttachmentSetIdNotFound", noSet)
	in := activation()
	in.AttachmentSetId = &set
	_, err = w.service.CreateCase(t.Context(), w.by(theirs, "CreateCase"), in)
	w.expect("another account sends the set", err, "AttachmentSetIdNotFound", noSet)
	if _, err = w.service.CreateCase(t.Context(), w.by(mine, "CreateCase"), in); err != nil {
		t.Fatal(err)
	}
	_, err = w.service.CreateCase(t.Context(), w.by(mine, "CreateCase"), in)
	w.expect("the set is sent again", err, "AttachmentSetIdNotFound", noSet)
	_, err = w.attach(mine, set, file("c", "x"))
	w.expect("something is added to what was sent", err, "AttachmentSetIdNotFound", noSet)

	w.clock.Advance(100 * 24 * time.Hour)
	w.update(func(tx store.Tx) error { _, err := tx.Expire(w.clock.Now(), 100); return err })
	attached := w.cases(mine, &awssupport.DescribeCasesInput{}).Cases[0].RecentCommunications.Communications[0].AttachmentSet
	var got []string
	for _, a := range attached {
		out, err := w.service.DescribeAttachment(t.Context(), w.by(mine, "DescribeAttachment"), &awssupport.DescribeAttachmentInput{AttachmentId: a.AttachmentId})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, *a.FileName, *out.Attachment.FileName, string(out.Attachment.Data))
		_, err = w.service.DescribeAttachment(t.Context(), w.by(theirs, "DescribeAttachment"), &awssupport.DescribeAttachmentInput{AttachmentId: a.AttachmentId})
		w.expect("another account reads it", err, "AttachmentIdNotFound", noFile)
	}
	if want := []string{"ログ.txt", "ログ.txt", "one", "b.png", "b.png", "\x00\xff"}; !reflect.DeepEqual(got, want) {
		t.Errorf("attachments:\n got %q\nwant %q", got, want)
	}
	_, err = w.service.DescribeAttachment(t.Context(), w.by(mine, "DescribeAttachment"), &awssupport.DescribeAttachmentInput{AttachmentId: aws.String("x")})
	w.expect("one that there is not", err, "AttachmentIdNotFound", noFile)
}

// Sets and their files are bounded, and a set waits for an hour.
func TestAttachmentLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	big := types.Attachment{FileName: aws.String("big"), Data: bytes.Repeat([]byte{1}, support.MaxAttachmentSize)}
	set, err := w.attach(mine, "", big)
	w.expect("5 MB", err, "", "")
	bigger := big
	bigger.Data = append(bytes.Clone(big.Data), 1)
	for _, c := range []struct {
		name          string
		files         []types.Attachment
		code, message string
	}{
		{"a byte more", []types.Attachment{bigger}, "AttachmentSetSizeLimitExceeded", tooLarge},
		{"four files", []types.Attachment{file("a", "x"), file("b", "x"), file("c", "x")}, "AttachmentSetSizeLimitExceeded", tooLarge},
		{"none", nil, "InvalidParameterValueException", "There must be at least one attachment."},
		{"an empty one", []types.Attachment{file("a", "")}, "InvalidParameterValueException", "An attachment has no content."},
		{"a path", []types.Attachment{file("../a", "x")}, "InvalidParameterValueException", "The file name of an attachment is not valid."},
		{"a path of Windows", []types.Attachment{file(`..\a`, "x")}, "InvalidParameterValueException", "The file name of an attachment is not valid."},
		{"a name that reads backwards", []types.Attachment{file("a\u202egnp.exe", "x")}, "InvalidParameterValueException", "The file name of an attachment is not valid."},
		{"two files", []types.Attachment{file("a", "x"), file("b", "x")}, "", ""},
	} {
		_, err := w.attach(mine, set, c.files...)
		w.expect(c.name, err, c.code, c.message)
	}
	for range 19 {
		if _, err := w.attach(mine, "", file("a", "x")); err != nil {
			t.Fatal(err)
		}
	}
	_, err = w.attach(mine, "", file("a", "x"))
	w.expect("a set more", err, "AttachmentLimitExceeded", "The limit for the number of attachment sets created in a short period of time has been exceeded.")

	w.clock.Advance(support.SetLifetime)
	in := activation()
	in.AttachmentSetId = &set
	_, err = w.service.CreateCase(t.Context(), w.by(mine, "CreateCase"), in)
	w.expect("after an hour", err, "AttachmentSetExpired", "The expiration time of the attachment set has passed.")
	_, err = w.attach(mine, "", file("a", "x"))
	w.expect("a set more after an hour", err, "", "")
}

// The attack: files without end, set after set and each sent with a case, until the
// disk is full. An account that is not active has room for a set.
func TestAttachmentsFillTheDisk(t *testing.T) {
	t.Parallel()
	for accountID, room := range map[string]int{mine: support.MaxStoredInactive, theirs: support.MaxStored} {
		w := newWorld(t)
		in := activation()
		in.CcEmailAddresses = nil
		kase, err := w.service.CreateCase(t.Context(), w.by(accountID, "CreateCase"), in)
		if err != nil {
			t.Fatal(err)
		}
		big := types.Attachment{FileName: aws.String("big"), Data: bytes.Repeat([]byte{1}, support.MaxAttachmentSize)}
		for range room / support.MaxAttachmentSize / support.MaxAttachments {
			set, err := w.attach(accountID, "", big, big, big)
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.service.AddCommunicationToCase(t.Context(), w.by(accountID, "AddCommunicationToCase"), &awssupport.AddCommunicationToCaseInput{
				CaseId: kase.CaseId, CommunicationBody: aws.String("see there"), AttachmentSetId: &set,
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		_, err = w.attach(accountID, "", big, big, big)
		w.expect("a set more than there is room for", err, "AttachmentLimitExceeded", "The limit for the size of all attachments of the account has been exceeded.")
		_, err = w.attach(accountID, "", file("small", "x"))
		w.expect("a small file", err, "", "")
		w.clock.Advance(support.Kept)
		_, err = w.attach(accountID, "", big, big, big)
		w.expect("when the old ones are forgotten", err, "", "")
	}
}
