import ImageTransport

extension TransportError {
    /// Whether it is the image that is wrong, in contrast to the machine.
    var isFault: Bool {
        if case .notFound = self { return true }
        return isIntegrity
    }

    var findingCode: FindingCode {
        switch self {
        case .tooLarge, .spent: .limit
        case .ambiguousDocument: .ambiguousDocument
        case .ambiguousContainer: .ambiguousContainer
        case .notFound: .notRead
        case .reference, .unsuitable, .ambiguous, .document, .digest, .size, .archive, .compression, .system, .store,
            .bundle, .missingBase, .engine, .registry:
            .damaged
        }
    }
}
