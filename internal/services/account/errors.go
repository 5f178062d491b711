package account

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/org"
)

// fieldOf is the member that is wrong, by the fault's reason.
var fieldOf = map[string]string{
	"account-name": "accountName", "pagination-token": "nextToken",
	"full-name": "fullName", "company-name": "companyName", "address-line1": "addressLine1", "address-line2": "addressLine2",
	"address-line3": "addressLine3", "city": "city", "district-or-county": "districtOrCounty", "state-or-region": "stateOrRegion",
	"postal-code": "postalCode", "country-code": "countryCode", "phone-number": "phoneNumber", "website-url": "websiteUrl",
	"name": "name", "title": "title", "email-address": "emailAddress", "primary-email": "primaryEmail", "otp": "otp",
}

// wireError puts a fault into the service's terms. Other errors pass as they are.
func wireError(c *call.Call, err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	message := aws.String(f.Public)
	switch f.Kind {
	case fault.Invalid:
		return validation(f)
	case fault.NotFound:
		return &types.ResourceNotFoundException{Message: message}
	case fault.Conflict, fault.AlreadyExists:
		return &types.ConflictException{Message: message}
	case fault.Throttled:
		return &types.TooManyRequestsException{Message: message}
	case fault.Denied:
		// As AWS says it of accounts that are out of reach, whatever policies allow.
		said := "User: " + c.Principal.ARN + " is not authorized to perform: account:" + c.Operation
		if f.Reason == org.NamesItself || f.Reason == org.NotTrusted {
			said += " (" + f.Public + ")"
		}
		return &types.AccessDeniedException{Message: &said}
	}
	return err
}

func validation(f *fault.Error) error {
	e := &types.ValidationException{Message: aws.String(f.Public), Reason: types.ValidationExceptionReasonFieldValidationFailed}
	if f.Reason == "region" {
		e.Reason = types.ValidationExceptionReasonInvalidRegionOptTarget
	}
	if field := fieldOf[f.Reason]; field != "" {
		e.FieldList = []types.ValidationExceptionField{{Name: &field, Message: aws.String(f.Public)}}
	}
	return e
}
