/** The paths of the frames, which the build knows. */
declare const FIELD_PAGE: string
declare const CONTROLLER_PAGE: string
