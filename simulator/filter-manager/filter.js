/** FLTFL_INSTANCE_TEARDOWN_…: why an instance goes. */
export const TeardownReason = {
    MANUAL: 0x1,
    FILTER_UNLOAD: 0x2,
    MANDATORY_FILTER_UNLOAD: 0x4,
    VOLUME_DISMOUNT: 0x8,
    INTERNAL_ERROR: 0x10,
};
