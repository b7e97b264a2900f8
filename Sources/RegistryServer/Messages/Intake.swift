import ArtifactStore

/// What becomes of the content of a request, which is told before it is read.
enum Intake: Sendable {
    /// The request is answered, or refused, whatever its content is.
    case answered(Answer)
    /// It is a document of so many bytes at most, of which the answer is made; that call blocks, for minutes where it
    /// is slow.
    case document(limit: Int, tooLarge: Answer, isSlow: Bool, answer: @Sendable ([UInt8]) -> Answer)
    /// It goes into an upload, piece by piece.
    case upload(UploadSink)
    /// It goes into a file, of which the answer is made.
    case file(DroppedFile)
}

/// Takes the content of one request into an upload.
final class UploadSink: ContentSink {
    let isSlow = false
    private let upload: Upload
    /// How far the upload had come before.
    let start: Int64
    private let remainder: Remainder
    private let end: @Sendable (Upload, _ start: Int64) -> Answer
    private let room: Room?
    private let share: UploadShare?
    private let charge: (@Sendable (Int64) -> Void)?
    private let failure: @Sendable (any Error) -> Answer

    /// What becomes of an upload whose content doesn't come to its end.
    enum Remainder: Sendable {
        /// What came counts.
        case kept
        /// It is again as far as it was before this request.
        case cut
        /// It goes: nobody was told its name.
        case removed
    }

    init(
        _ upload: Upload,
        _ remainder: Remainder,
        room: Room? = nil,
        share: UploadShare? = nil,
        charge: (@Sendable (Int64) -> Void)? = nil,
        failure: @escaping @Sendable (any Error) -> Answer,
        end: @escaping @Sendable (Upload, _ start: Int64) -> Answer
    ) {
        self.upload = upload
        self.remainder = remainder
        self.end = end
        self.failure = failure
        (self.room, self.share, self.charge) = (room, share, charge)
        start = upload.size
    }

    /// How large an upload may become, and what is answered when it would be larger.
    struct Room: Sendable {
        let size: Int64
        let full: RegistryProblem
    }

    /// The same, which takes no more than there is room for, and tells what it takes.
    func within(_ room: Room?, _ share: UploadShare?, charge: (@Sendable (Int64) -> Void)?) -> UploadSink {
        UploadSink(
            upload,
            remainder,
            room: room,
            share: share,
            charge: charge,
            failure: failure,
            end: end
        )
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Answer? {
        charge?(Int64(bytes.count))
        if let room, upload.size > room.size - Int64(bytes.count) {
            cancel()
            return failure(room.full)
        }
        do {
            if let share, try !share.take(Int64(bytes.count)) {
                cancel()
                return failure(share.full)
            }
            try upload.write(bytes)
            share?.settle(Int64(bytes.count))
            return nil
        } catch {
            if case .removed = remainder { cancel() } else { upload.close() }
            return failure(error)
        }
    }

    /// Removes the upload.
    func cancel() {
        try? upload.cancel()
        upload.close()
    }

    func finish() -> Answer {
        defer { upload.close() }
        return end(upload, start)
    }

    func abandon() {
        switch remainder {
        case .kept: upload.close()
        case .cut:
            try? upload.cut(to: start)
            upload.close()
        case .removed: cancel()
        }
    }
}
