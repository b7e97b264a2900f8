// sumdb holds what bindery writes of its log against Go's golang.org/x/mod/sumdb: a checkpoint as a signed note, the tree
// of the tiles, the consistency proof of a request to a witness, and inclusion proofs.
//
//	sumdb VERIFIER-KEY CHECKPOINT TILES REQUEST PROOF…
//
// TILES is the directory of `log tiles` at CHECKPOINT, REQUEST a later `log checkpoint --old` that goes on from there, and
// each PROOF the JSON of `log prove`.
package main

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if err := check(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(key, checkpoint, tiles, request string, proofs []string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	message, err := os.ReadFile(checkpoint)
	if err != nil {
		return err
	}
	tree, err := open(message, verifier)
	if err != nil {
		return err
	}
	if err := read(tiles, tree); err != nil {
		return err
	}
	later, err := follow(request, tree, verifier)
	if err != nil {
		return fmt.Errorf("%s: %w", request, err)
	}
	for _, file := range proofs {
		if err := prove(file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	fmt.Printf("%d entries, consistent with %d, %d proofs\n", tree.N, later.N, len(proofs))
	return nil
}

func open(message []byte, verifier note.Verifier) (tree tlog.Tree, err error) {
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func read(tiles string, tree tlog.Tree) error {
	// The reader proves each tile that it is given by those above it, and these by the root.
	hashes := tlog.TileHashReader(tree, directory(tiles))
	count := int64(0)
	for bundle := int64(0); bundle*256 < tree.N; bundle++ {
		entries, err := entriesOf(tiles, bundle, tree.N)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			found, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, count)})
			if err != nil {
				return err
			}
			if found[0] != tlog.RecordHash(entry) {
				return fmt.Errorf("entry %d is not the tree's", count)
			}
			count++
		}
	}
	if count != tree.N {
		return fmt.Errorf("the tiles have %d entries, and the checkpoint %d", count, tree.N)
	}
	return nil
}

// follow checks the body of a tlog-witness request: the old size, a proof, an empty line, the later checkpoint.
func follow(request string, old tlog.Tree, verifier note.Verifier) (later tlog.Tree, err error) {
	text, err := os.ReadFile(request)
	if err != nil {
		return later, err
	}
	head, message, _ := strings.Cut(string(text), "\n\n")
	if later, err = open([]byte(message), verifier); err != nil {
		return later, err
	}
	lines := strings.Split(head, "\n")
	if lines[0] != fmt.Sprintf("old %d", old.N) {
		return later, fmt.Errorf("it goes on from '%s'", lines[0])
	}
	proof := make(tlog.TreeProof, len(lines)-1)
	for number, line := range lines[1:] {
		if proof[number], err = tlog.ParseHash(line); err != nil {
			return later, err
		}
	}
	return later, tlog.CheckTree(proof, later.N, later.Hash, old.N, old.Hash)
}

func prove(file string) error {
	var proof struct {
		Index, Size int64
		Leaf, Root  string
		Path        []string
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &proof); err != nil {
		return err
	}
	path := make(tlog.RecordProof, len(proof.Path))
	for number, text := range proof.Path {
		if path[number], err = hash(text); err != nil {
			return err
		}
	}
	root, err := hash(proof.Root)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, proof.Size, root, proof.Index, tlog.RecordHash([]byte(proof.Leaf)))
}

func hash(text string) (hash tlog.Hash, err error) {
	bytes, err := hex.DecodeString(strings.TrimPrefix(text, "sha256:"))
	if err == nil && copy(hash[:], bytes) != tlog.HashSize {
		err = fmt.Errorf("%q is no hash", text)
	}
	return hash, err
}

// entriesOf reads a bundle of C2SP tlog-tiles, which sumdb doesn't: entries with their length in two bytes.
func entriesOf(tiles string, bundle, size int64) (entries [][]byte, err error) {
	width := size - bundle*256
	if width > 256 {
		width = 256
	}
	tile := tlog.Tile{H: 8, L: -1, N: bundle, W: int(width)}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(tiles, path))
	for err == nil && len(data) > 1 {
		end := 2 + int(binary.BigEndian.Uint16(data))
		if end > len(data) {
			return nil, fmt.Errorf("%s ends inside an entry", path)
		}
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	return entries, err
}

// directory reads tiles where C2SP tlog-tiles has them: as sumdb does, without the height, which is always 8.
type directory string

func (d directory) Height() int { return 8 }

func (d directory) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(string(d), path))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (d directory) SaveTiles([]tlog.Tile, [][]byte) {}
