/// Why a recorded audit can't be read: the index holds what this program doesn't write.
struct RecordError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
