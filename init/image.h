/* The static claude-sandbox-init as bytes of the launcher. */
#pragma once

extern const unsigned char init_image_start[];
extern const unsigned char init_image_end[];
