package captcha

import (
	"embed"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
)

// sounds holds the digits as <language>/<digit>.wav (sounds/NOTICE).
//
//go:embed sounds/*/*.wav
var sounds embed.FS

const (
	rate      = 8000 // samples per second, of 8 bits unsigned
	silence   = 128
	wavHeader = 44 // bytes before the samples, here and in the recordings
)

// speak says text, which is digits, over a murmur of reversed digits and noise.
func speak(text, language string, random *rand.Rand) ([]byte, error) {
	var recorded [10][]byte
	for d := range recorded {
		wav, err := sounds.ReadFile(fmt.Sprintf("sounds/%s/%d.wav", language, d))
		if err != nil {
			return nil, err
		}
		recorded[d] = wav[wavHeader:]
	}
	between := func(a, b float64) float64 { return a + (b-a)*random.Float64() }
	pause := func() int { return int(between(0.6, 1.3) * rate) }

	type said struct {
		at      int
		samples []byte
		level   float64
	}
	var digits []said
	end := pause()
	for _, r := range text {
		s := stretch(recorded[r-'0'], between(0.9, 1.15))
		digits = append(digits, said{end, s, between(0.8, 1) * 120 / peak(s)})
		end += len(s) + pause()
	}

	mix := make([]float64, end) // around 0
	for i := range mix {
		mix[i] = between(-3, 3)
	}
	add := func(s said) {
		for i, v := range s.samples {
			if s.at+i < len(mix) {
				mix[s.at+i] += s.level * (float64(v) - silence)
			}
		}
	}
	for range end / (rate / 8) {
		murmur := stretch(reverse(recorded[random.IntN(10)]), between(0.8, 1.3))
		add(said{random.IntN(end), murmur, between(0.06, 0.12)})
	}
	for _, s := range digits {
		add(s)
	}

	out := wav(len(mix))
	for _, v := range mix {
		out = append(out, byte(min(max(v+silence, 0), 255)))
	}
	if len(mix)%2 != 0 { // RIFF chunks have even lengths
		out = append(out, 0)
	}
	return out, nil
}

// stretch plays samples longer by factor, and so much lower.
func stretch(samples []byte, factor float64) []byte {
	out := make([]byte, int(float64(len(samples)-1)*factor))
	for i := range out {
		at := float64(i) / factor
		j := int(at)
		f := at - float64(j)
		out[i] = byte((1-f)*float64(samples[j]) + f*float64(samples[j+1]))
	}
	return out
}

// peak is how far from silence the loudest sample is; the recordings differ.
func peak(samples []byte) float64 {
	most := 1.0
	for _, v := range samples {
		most = max(most, math.Abs(float64(v)-silence))
	}
	return most
}

func reverse(samples []byte) []byte {
	out := make([]byte, len(samples))
	for i, v := range samples {
		out[len(out)-1-i] = v
	}
	return out
}

// wav is the header of a WAVE file of n samples, with room for them.
func wav(n int) []byte {
	b := make([]byte, 0, wavHeader+n+1)
	le := binary.LittleEndian
	b = append(b, "RIFF"...)
	b = le.AppendUint32(b, uint32(wavHeader-8+n+n%2))
	b = append(b, "WAVEfmt "...)
	b = le.AppendUint32(b, 16)   // length of this chunk
	b = le.AppendUint16(b, 1)    // PCM
	b = le.AppendUint16(b, 1)    // channels
	b = le.AppendUint32(b, rate) // samples per second
	b = le.AppendUint32(b, rate) // bytes per second
	b = le.AppendUint16(b, 1)    // bytes per frame
	b = le.AppendUint16(b, 8)    // bits per sample
	b = append(b, "data"...)
	return le.AppendUint32(b, uint32(n))
}
