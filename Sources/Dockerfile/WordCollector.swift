/// Collects the words of a text while it is expanded: white space outside quotes ends a word.
struct WordCollector {
    private var words: [String] = []
    private var buffer: [Unicode.Scalar] = []

    /// Adds a character that ends a word when it is white space.
    mutating func add(_ scalar: Unicode.Scalar) {
        if scalar.properties.isWhitespace {
            endWord()
        } else {
            buffer.append(scalar)
        }
    }

    /// Adds characters that stay in the word whatever they are.
    mutating func addRaw(_ scalars: some Sequence<Unicode.Scalar>) {
        buffer.append(contentsOf: scalars)
    }

    /// Ends the last word and gives all.
    mutating func finish() -> [String] {
        endWord()
        return words
    }

    // A quoted nothing is not a word: that is how BuildKit has it.
    private mutating func endWord() {
        if !buffer.isEmpty { words.append(buffer.text) }
        buffer.removeAll(keepingCapacity: true)
    }
}
